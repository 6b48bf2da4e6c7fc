import os

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "crm",
        "USER": "crm_app",
        "PASSWORD": "tR7#kLq92-vvB",
        "HOST": os.environ.get("DB_HOST", "db.internal"),
        "PORT": "5432",
    }
}
