import javax.net.ssl.*;

class Sockets {
    void a(SSLSocket socket) throws Exception {
        // ruleid: oreva.java.tls.outdated-protocol
        SSLContext.getInstance("TLSv1");
        // ruleid: oreva.java.tls.outdated-protocol
        socket.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.1"});
        // ok: oreva.java.tls.outdated-protocol
        SSLContext.getInstance("TLS");
        // ok: oreva.java.tls.outdated-protocol
        socket.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
    }
}
