import java.security.cert.*;
import javax.net.ssl.*;

public class Connections {
  SSLContext open() throws Exception {
    TrustManager[] all = {
      new X509TrustManager() {
        public X509Certificate[] getAcceptedIssuers() {
          return null;
        }

        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        // ruleid: oreva.java.tls-verification.trust-all-certificates
        public void checkServerTrusted(X509Certificate[] chain, String type) {}
      }
    };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, all, null);
    // ruleid: oreva.java.tls-verification.trust-all-certificates
    new SSLContextBuilder().loadTrustMaterial(null, (chain, type) -> true);
    return context;
  }

  static class Lenient implements Named, X509TrustManager {
    @Override
    // ruleid: oreva.java.tls-verification.trust-all-certificates
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
      return;
    }
  }

  SSLContext safe(KeyStore store) throws Exception {
    TrustManager pinned = new X509TrustManager() {
      // ok: oreva.java.tls-verification.trust-all-certificates
      public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        if (!PINS.contains(fingerprint(chain[0]))) throw new CertificateException("unknown certificate");
      }
    };
    // ok: oreva.java.tls-verification.trust-all-certificates
    new SSLContextBuilder().loadTrustMaterial(store, new TrustSelfSignedStrategy());
    return SSLContext.getDefault();
  }
}
