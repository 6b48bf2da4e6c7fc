from django.shortcuts import render


def preview(request):
    text = request.POST.get("text", "")
    return render(request, "preview.html", {"text": text})
