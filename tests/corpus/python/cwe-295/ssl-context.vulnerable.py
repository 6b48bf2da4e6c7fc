import smtplib
import ssl


class Mailer:
    def __init__(self, host, port=465):
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        self.server = smtplib.SMTP_SSL(host, port, context=self.context)
