# ruleid: oreva.python.weak-crypto.pycrypto-only-module
from Crypto.Cipher import XOR

# ruleid: oreva.python.weak-crypto.pycrypto-only-module
from Crypto.Util import randpool

# ruleid: oreva.python.weak-crypto.pycrypto-only-module
from Crypto.Random.Fortuna import FortunaAccumulator

# ok: oreva.python.weak-crypto.pycrypto-only-module
from Crypto.Cipher import AES

# ok: oreva.python.weak-crypto.pycrypto-only-module
from Crypto.Random import get_random_bytes

# ok: oreva.python.weak-crypto.pycrypto-only-module
from Cryptodome.Cipher import ChaCha20_Poly1305
