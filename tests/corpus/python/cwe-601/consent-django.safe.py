from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import FormView

from .forms import ConsentForm


class ConsentView(FormView):
    form_class = ConsentForm
    template_name = "consent.html"

    def return_address(self):
        target = self.request.POST.get("return_to") or self.request.GET.get("return_to")
        allowed = {self.request.get_host()}
        if target and url_has_allowed_host_and_scheme(target, allowed, require_https=self.request.is_secure()):
            return target
        return reverse("dashboard")

    def form_valid(self, form):
        consent = form.save(commit=False)
        consent.user = self.request.user
        consent.save()
        return HttpResponseRedirect(self.return_address())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["version"] = "2024-03"
        return context
