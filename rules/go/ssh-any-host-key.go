package remote

import "golang.org/x/crypto/ssh"

func open(user string) *ssh.ClientConfig {
	config := &ssh.ClientConfig{
		User: user,
		// ruleid: oreva.go.tls-verification.ssh-any-host-key
		HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	}
	// ruleid: oreva.go.tls-verification.ssh-any-host-key
	config.HostKeyCallback = ssh.InsecureIgnoreHostKey()
	return config
}

func safe(key ssh.PublicKey, check ssh.HostKeyCallback) {
	// ok: oreva.go.tls-verification.ssh-any-host-key
	fixed := &ssh.ClientConfig{HostKeyCallback: ssh.FixedHostKey(key)}
	// ok: oreva.go.tls-verification.ssh-any-host-key
	known := &ssh.ClientConfig{HostKeyCallback: check}
	_, _ = fixed, known
}
