import java.io.*;
import java.net.*;
import java.net.http.*;
import java.util.*;
import org.springframework.web.bind.annotation.*;

@RestController
public class Proxy {
  private static final Map<String, String> HOSTS = Map.of("eu", "https://eu.api.example.com/");
  private RestTemplate restTemplate;

  @GetMapping("/fetch")
  public String fetch(@RequestParam String url, @RequestParam String host) throws Exception {
    // ruleid: oreva.java.ssrf.outgoing-request-taint
    InputStream in = new URL(url).openStream();
    URL target = new URL("https://" + host + "/status");
    // ruleid: oreva.java.ssrf.outgoing-request-taint
    HttpURLConnection connection = (HttpURLConnection) target.openConnection();
    // ruleid: oreva.java.ssrf.outgoing-request-taint
    HttpRequest request = HttpRequest.newBuilder().uri(URI.create(url)).build();
    // ruleid: oreva.java.ssrf.outgoing-request-taint
    return restTemplate.getForObject(url, String.class);
  }

  @GetMapping("/safe")
  public String safe(@RequestParam String id, @RequestParam String region, @RequestParam String url) throws Exception {
    // ok: oreva.java.ssrf.outgoing-request-taint
    String item = restTemplate.getForObject("https://api.example.com/items/" + id, String.class);
    // ok: oreva.java.ssrf.outgoing-request-taint
    String status = restTemplate.getForObject(HOSTS.get(region), String.class);
    // ok: oreva.java.ssrf.outgoing-request-taint
    String bound = restTemplate.getForObject("https://api.example.com/items/{id}", String.class, id);
    checkAllowedHost(url);
    // ok: oreva.java.ssrf.outgoing-request-taint
    InputStream in = new URL(url).openStream();
    return item + status + bound;
  }
}
