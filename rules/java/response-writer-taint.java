import java.io.*;
import javax.servlet.http.*;

public class Greeting extends HttpServlet {
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String name = request.getParameter("name");
    response.setContentType("text/html");
    // ruleid: oreva.java.xss.response-writer-taint
    response.getWriter().println("<h1>Hello " + name + "</h1>");
    PrintWriter out = response.getWriter();
    // ruleid: oreva.java.xss.response-writer-taint
    out.printf("<p>%s</p>", request.getHeader("Referer"));
    StringBuilder page = new StringBuilder("<ul>");
    page.append("<li>").append(name);
    // ruleid: oreva.java.xss.response-writer-taint
    out.write(page.toString());
  }

  protected void safe(HttpServletRequest request, HttpServletResponse response) throws IOException {
    PrintWriter out = response.getWriter();
    // ok: oreva.java.xss.response-writer-taint
    out.println("<p>" + Encode.forHtml(request.getParameter("name")) + "</p>");
    // ok: oreva.java.xss.response-writer-taint
    out.println("<p>Ready</p>" + HTMLFilter.filter(request.getParameter("name")));
    // ok: oreva.java.xss.response-writer-taint
    out.println("<p>" + Integer.parseInt(request.getParameter("page")) + "</p>");
  }

  protected void plain(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setContentType("text/plain; charset=" + StandardCharsets.UTF_8);
    // ok: oreva.java.xss.response-writer-taint
    response.getWriter().println(request.getParameter("echo"));
  }
}
