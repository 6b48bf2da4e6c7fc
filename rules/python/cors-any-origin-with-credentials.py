from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import Flask
from flask_cors import CORS
from starlette.middleware import Middleware

api = FastAPI()
app = Flask(__name__)

# ruleid: oreva.python.misconfiguration.cors-any-origin-with-credentials
api.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True, allow_methods=["*"])

# ruleid: oreva.python.misconfiguration.cors-any-origin-with-credentials
CORS(app, origins="*", supports_credentials=True)

CORS_ALLOW_ALL_ORIGINS = True
# ruleid: oreva.python.misconfiguration.cors-any-origin-with-credentials
CORS_ALLOW_CREDENTIALS = True

# ok: oreva.python.misconfiguration.cors-any-origin-with-credentials
api.add_middleware(CORSMiddleware, allow_origins=["https://shop.example.com"], allow_credentials=True)

# ok: oreva.python.misconfiguration.cors-any-origin-with-credentials
api.add_middleware(CORSMiddleware, allow_origins=["*"])

# ok: oreva.python.misconfiguration.cors-any-origin-with-credentials
CORS(app, origins=["https://shop.example.com"], supports_credentials=True)

origins = ["*"]
named: list[str] = ["https://shop.example.com"]
typed: list[str] = ["http://localhost", "*"]

# ruleid: oreva.python.misconfiguration.cors-any-origin-with-credentials
api.add_middleware(
    CORSMiddleware,
    allow_origins=origins,
    allow_credentials=True,
    allow_methods=["*"],
)

# ruleid: oreva.python.misconfiguration.cors-any-origin-with-credentials
middleware = [Middleware(CORSMiddleware, allow_origins=typed, allow_credentials=True)]

# ruleid: oreva.python.misconfiguration.cors-any-origin-with-credentials
wrapped = CORSMiddleware(api, allow_origins=["*"], allow_credentials=True)

# ruleid: oreva.python.misconfiguration.cors-any-origin-with-credentials
api.add_middleware(CORSMiddleware, allow_origin_regex="https?://.*", allow_credentials=True)

# ruleid: oreva.python.misconfiguration.cors-any-origin-with-credentials
CORS(app, resources={r"/api/*": {"origins": "*"}}, supports_credentials=True)

# ruleid: oreva.python.misconfiguration.cors-any-origin-with-credentials
CORS(app, origins=origins, supports_credentials=True)

# ok: oreva.python.misconfiguration.cors-any-origin-with-credentials
api.add_middleware(CORSMiddleware, allow_origins=named, allow_credentials=True, allow_methods=["*"])

# ok: oreva.python.misconfiguration.cors-any-origin-with-credentials
api.add_middleware(CORSMiddleware, allow_origins=origins)

# ok: oreva.python.misconfiguration.cors-any-origin-with-credentials
api.add_middleware(CORSMiddleware, allow_origin_regex=r"https://.*\.example\.com", allow_credentials=True)
