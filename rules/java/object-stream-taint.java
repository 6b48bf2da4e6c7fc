import java.io.*;
import java.util.*;
import javax.servlet.http.*;
import org.springframework.web.bind.annotation.*;

public class Cart extends HttpServlet {
  protected void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
    // ruleid: oreva.java.deserialisation.object-stream-taint
    ObjectInputStream stream = new ObjectInputStream(request.getInputStream());
    Object cart = stream.readObject();
    byte[] bytes = Base64.getDecoder().decode(request.getParameter("state"));
    // ruleid: oreva.java.deserialisation.object-stream-taint
    Object state = new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
  }

  @PostMapping("/import")
  public Object load(@RequestBody String text) {
    Yaml yaml = new Yaml();
    // ruleid: oreva.java.deserialisation.object-stream-taint
    return yaml.load(text);
  }

  @PostMapping("/safe")
  public Object safe(@RequestBody String text, HttpServletRequest request) throws Exception {
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    // ok: oreva.java.deserialisation.object-stream-taint
    Object settings = yaml.load(text);
    // ok: oreva.java.deserialisation.object-stream-taint
    ObjectInputStream known = new ObjectInputStream(new FileInputStream("/srv/state.bin"));
    // ok: oreva.java.deserialisation.object-stream-taint
    ObjectInputStream filtered = new ObjectInputStream(request.getInputStream());
    filtered.setObjectInputFilter(ObjectInputFilter.Config.createFilter("com.example.*;!*"));
    // ok: oreva.java.deserialisation.object-stream-taint
    return objectMapper.readValue(text, Order.class);
  }
}
