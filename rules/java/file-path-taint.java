import java.io.*;
import java.nio.file.*;
import javax.servlet.http.*;
import org.springframework.web.bind.annotation.*;

public class Downloads extends HttpServlet {
  private final Path base = Paths.get("/srv/files");

  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String name = request.getParameter("name");
    // ruleid: oreva.java.path-traversal.file-path-taint
    InputStream in = new FileInputStream("/srv/files/" + name);
    File file = new File(base.toFile(), name);
    // ruleid: oreva.java.path-traversal.file-path-taint
    byte[] bytes = Files.readAllBytes(file.toPath());
    in.transferTo(response.getOutputStream());
  }

  @DeleteMapping("/files/{name}")
  public void delete(@PathVariable("name") String name) throws IOException {
    // ruleid: oreva.java.path-traversal.file-path-taint
    Files.delete(base.resolve(name));
    File target = new File("/srv/files", name);
    // ruleid: oreva.java.path-traversal.file-path-taint
    target.delete();
  }

  public void safe(HttpServletRequest request) throws IOException {
    String name = request.getParameter("name");
    // ok: oreva.java.path-traversal.file-path-taint
    Files.readAllBytes(base.resolve(FilenameUtils.getName(name)));
    Path wanted = base.resolve(name).normalize();
    if (!wanted.startsWith(base)) throw new IOException("outside");
    // ok: oreva.java.path-traversal.file-path-taint
    Files.readAllBytes(wanted);
    // ok: oreva.java.path-traversal.file-path-taint
    Files.readString(base.resolve(Integer.parseInt(request.getParameter("id")) + ".txt"));
    // ok: oreva.java.path-traversal.file-path-taint
    Files.copy(request.getInputStream(), base.resolve("upload.bin"));
    // ok: oreva.java.path-traversal.file-path-taint
    for (Part part : request.getParts()) part.delete();
  }
}
