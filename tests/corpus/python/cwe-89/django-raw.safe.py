from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from .models import Invoice


@login_required
def invoices(request):
    status = request.GET.get("status") or "open"
    qs = Invoice.objects.raw("SELECT * FROM billing_invoice WHERE status = %s", [status])
    return render(request, "billing/list.html", {"invoices": qs})
