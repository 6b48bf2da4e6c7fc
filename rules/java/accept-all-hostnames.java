import javax.net.ssl.*;

public class Clients {
  void open(HttpsURLConnection connection) {
    // ruleid: oreva.java.tls-verification.accept-all-hostnames
    connection.setHostnameVerifier((host, session) -> true);
    HostnameVerifier all = new HostnameVerifier() {
      // ruleid: oreva.java.tls-verification.accept-all-hostnames
      public boolean verify(String host, SSLSession session) {
        return true;
      }
    };
    // ruleid: oreva.java.tls-verification.accept-all-hostnames
    new SSLConnectionSocketFactory(context, NoopHostnameVerifier.INSTANCE);
  }

  void safe(HttpsURLConnection connection) {
    // ok: oreva.java.tls-verification.accept-all-hostnames
    connection.setHostnameVerifier((host, session) -> host.equals("api.example.com") && PINS.matches(session));
    HostnameVerifier named = new HostnameVerifier() {
      // ok: oreva.java.tls-verification.accept-all-hostnames
      public boolean verify(String host, SSLSession session) {
        return host.endsWith(".example.com");
      }
    };
    // ok: oreva.java.tls-verification.accept-all-hostnames
    connection.setHostnameVerifier(new DefaultHostnameVerifier());
  }
}
