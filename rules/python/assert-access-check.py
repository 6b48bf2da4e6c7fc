from django.http import HttpResponse


def delete_user(request, number):
    # ruleid: oreva.python.access-control.assert-access-check
    assert request.user.is_staff
    remove(number)
    return HttpResponse(status=204)


def delete_order(request, number):
    # ruleid: oreva.python.access-control.assert-access-check
    assert request.user.is_authenticated and request.user.has_perm("shop.delete_order"), "not allowed"
    remove(number)
    return HttpResponse(status=204)


def safe_delete(request, number):
    # ok: oreva.python.access-control.assert-access-check
    if not request.user.is_staff:
        return HttpResponse(status=403)
    remove(number)
    return HttpResponse(status=204)


def safe_invariant(items):
    # ok: oreva.python.access-control.assert-access-check
    assert items, "caller checks that there are items"
    return items[0]


def test_staff(client, user):
    # ok: oreva.python.access-control.assert-access-check
    assert user.is_staff
