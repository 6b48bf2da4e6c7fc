package deploy

import "golang.org/x/crypto/ssh"

func dial(host string, key ssh.Signer, known ssh.PublicKey) (*ssh.Client, error) {
	config := &ssh.ClientConfig{
		User: "deploy",
		Auth: []ssh.AuthMethod{ssh.PublicKeys(key)},
		HostKeyCallback: ssh.FixedHostKey(known),
	}
	return ssh.Dial("tcp", host, config)
}
