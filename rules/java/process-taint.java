import java.util.*;
import javax.servlet.http.*;

public class Tools extends HttpServlet {
  private static final Set<String> FORMATS = Set.of("png", "jpg");

  protected void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String host = request.getParameter("host");
    // ruleid: oreva.java.command-injection.process-taint
    Runtime.getRuntime().exec("ping -c 1 " + host);
    // ruleid: oreva.java.command-injection.process-taint
    new ProcessBuilder("/bin/sh", "-c", "nslookup " + host).start();
    List<String> command = new ArrayList<>();
    command.add("sh");
    command.add("-c");
    command.add("ping " + host);
    ProcessBuilder builder = new ProcessBuilder();
    // ruleid: oreva.java.command-injection.process-taint
    builder.command(command);
    Runtime runtime = Runtime.getRuntime();
    String[] line = {"sh", "-c", "echo " + request.getHeader("X-Name")};
    // ruleid: oreva.java.command-injection.process-taint
    runtime.exec(line);
  }

  protected void safe(HttpServletRequest request) throws Exception {
    // ok: oreva.java.command-injection.process-taint
    new ProcessBuilder("git", "log", "--", request.getParameter("file")).start();
    // ok: oreva.java.command-injection.process-taint
    Runtime.getRuntime().exec("uptime");
    String format = request.getParameter("format");
    if (!FORMATS.contains(format)) return;
    // ok: oreva.java.command-injection.process-taint
    Runtime.getRuntime().exec("convert in.svg out." + format);
    // ok: oreva.java.command-injection.process-taint
    Runtime.getRuntime().exec("kill " + Long.parseLong(request.getParameter("pid")));
  }
}
