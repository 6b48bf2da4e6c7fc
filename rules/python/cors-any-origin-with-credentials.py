from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import Flask
from flask_cors import CORS

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
