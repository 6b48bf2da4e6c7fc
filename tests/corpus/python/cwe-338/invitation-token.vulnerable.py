import random
import string
from datetime import datetime, timedelta, timezone

from sqlalchemy.orm import Session

from .models import Invitation

ALPHABET = string.ascii_letters + string.digits


class InvitationService:
    lifetime = timedelta(days=3)

    def __init__(self, session: Session) -> None:
        self.session = session

    def _token(self, length: int = 32) -> str:
        return "".join(random.choice(ALPHABET) for _ in range(length))

    def invite(self, email: str, team_id: int) -> str:
        token = self._token()
        expires = datetime.now(timezone.utc) + self.lifetime
        self.session.add(Invitation(email=email, team_id=team_id, token=token, expires=expires))
        self.session.commit()
        return f"https://app.example.com/join?token={token}"
