from django.shortcuts import render
from django.utils.safestring import mark_safe


def preview(request):
    text = request.POST.get("text", "")
    return render(request, "preview.html", {"text": mark_safe(text)})
