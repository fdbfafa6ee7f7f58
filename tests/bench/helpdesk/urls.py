"""The helpdesk at the root; its letters ask for the addresses of its pages."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
