import json

from django.db.models import Q
from django.http import JsonResponse

from blog.models import Article


def articles(request):
    # ruleid: oreva.python.sql-injection.django-lookup-kwargs-taint
    found = Article.objects.filter(**request.GET.dict())
    return JsonResponse({"count": found.count()})


def api_search(request):
    filters = json.loads(request.body)
    query = Article.objects.all()
    # ruleid: oreva.python.sql-injection.django-lookup-kwargs-taint
    query = query.exclude(**filters)
    return JsonResponse({"count": query.count()})


def combined(request):
    filters = {}
    for key, value in request.POST.items():
        filters[key] = value
    # ruleid: oreva.python.sql-injection.django-lookup-kwargs-taint
    return Article.objects.filter(Q(**filters))


def safe_named(request):
    # ok: oreva.python.sql-injection.django-lookup-kwargs-taint
    return Article.objects.filter(title__icontains=request.GET.get("title", ""))


def safe_form(request, form):
    if form.is_valid():
        # ok: oreva.python.sql-injection.django-lookup-kwargs-taint
        return Article.objects.filter(**form.cleaned_data)
    return Article.objects.none()


def safe_constant(published):
    filters = {"published": published}
    # ok: oreva.python.sql-injection.django-lookup-kwargs-taint
    return Article.objects.filter(**filters)
