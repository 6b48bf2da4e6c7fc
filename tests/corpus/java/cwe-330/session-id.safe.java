import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import javax.servlet.http.*;

class RememberMe extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        String rememberMeKey = Long.toString(new SecureRandom().nextLong());
        Cookie cookie = new Cookie("rememberMe", rememberMeKey);
        cookie.setSecure(true);
        cookie.setHttpOnly(true);
        response.addCookie(cookie);
    }
}
