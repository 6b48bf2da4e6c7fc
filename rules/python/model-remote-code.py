import torch
from transformers import AutoModel, AutoTokenizer

# ruleid: oreva.python.supply-chain.model-remote-code
model = AutoModel.from_pretrained("org/model", trust_remote_code=True)
# ruleid: oreva.python.supply-chain.model-remote-code
hub = torch.hub.load("org/repo", "net", trust_repo=True)
# ok: oreva.python.supply-chain.model-remote-code
tokenizer = AutoTokenizer.from_pretrained("org/model", revision="4f1c2d3")
# ok: oreva.python.supply-chain.model-remote-code
other = AutoModel.from_pretrained("org/model", trust_remote_code=False)
