import json

from django.http import HttpResponse
from flask import Flask, request

from shop.models import Account, User

app = Flask(__name__)
FIELDS = {"name", "mail"}


@app.post("/users")
def create(session):
    # ruleid: oreva.python.mass-assignment.model-attributes-taint
    user = User(**request.get_json())
    session.add(user)
    return {"id": user.id}


@app.post("/accounts")
def create_account(session):
    # ruleid: oreva.python.mass-assignment.model-attributes-taint
    session.add(Account(**request.json))
    return {}


def register(request):
    body = json.loads(request.body)
    # ruleid: oreva.python.mass-assignment.model-attributes-taint
    User.objects.create(**body)
    return HttpResponse(status=201)


def change(request, user):
    for name, value in json.loads(request.body).items():
        # ruleid: oreva.python.mass-assignment.model-attributes-taint
        setattr(user, name, value)
    user.save()
    return HttpResponse(status=204)


def safe_named(request):
    body = json.loads(request.body)
    # ok: oreva.python.mass-assignment.model-attributes-taint
    User.objects.create(name=body["name"], mail=body["mail"])
    return HttpResponse(status=201)


def safe_checked(request, user):
    for name, value in json.loads(request.body).items():
        if name in FIELDS:
            # ok: oreva.python.mass-assignment.model-attributes-taint
            setattr(user, name, value)
    user.save()
    return HttpResponse(status=204)


def safe_form(request, form):
    if form.is_valid():
        # ok: oreva.python.mass-assignment.model-attributes-taint
        User.objects.create(**form.cleaned_data)
    return HttpResponse(status=201)


def safe_picked(request):
    body = json.loads(request.body)
    picked = {key: body[key] for key in FIELDS}
    # ok: oreva.python.mass-assignment.model-attributes-taint
    User.objects.create(**picked)
    return HttpResponse(status=201)
