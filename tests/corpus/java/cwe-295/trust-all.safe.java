import java.security.cert.X509Certificate;
import javax.net.ssl.*;

class PartnerClient {
    SSLContext context() throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, null, null);
        return context;
    }
}
