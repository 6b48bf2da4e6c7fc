import org.hibernate.Session;
import javax.servlet.http.*;

class ListServlet extends HttpServlet {
    private Session session;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        String order = request.getParameter("order");
        String column;
        switch (order) {
            case "price":
                column = "price";
                break;
            default:
                column = order;
        }
        session.createNativeQuery("SELECT * FROM product ORDER BY " + column).list();
    }
}
