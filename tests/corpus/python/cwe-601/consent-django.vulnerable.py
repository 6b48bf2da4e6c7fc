from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.generic import FormView

from .forms import ConsentForm


class ConsentView(FormView):
    form_class = ConsentForm
    template_name = "consent.html"

    def return_address(self):
        target = self.request.POST.get("return_to") or self.request.GET.get("return_to")
        return target or reverse("dashboard")

    def form_valid(self, form):
        consent = form.save(commit=False)
        consent.user = self.request.user
        consent.save()
        return HttpResponseRedirect(self.return_address())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["version"] = "2024-03"
        return context
