from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.views import View

LEVELS = {"bronze": "#a97142", "silver": "#8d9aa5", "gold": "#d4af37"}


def badge(label: str, level: str):
    colour = LEVELS.get(level, "#444")
    return format_html('<span class="badge" style="color: {}">{}</span>', colour, label)


class BadgeView(View):
    template_name = "profiles/badge.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        label = request.GET.get("label", "member")
        if len(label) > 80:
            return HttpResponse("label too long", status=400)
        context = {
            "badge": badge(label, request.GET.get("level", "bronze")),
            "user": request.user,
        }
        return render(request, self.template_name, context)
