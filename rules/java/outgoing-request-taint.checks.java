package p;

import java.io.InputStream;
import java.net.*;
import java.net.http.*;
import java.util.*;
import javax.imageio.ImageIO;
import org.jsoup.Jsoup;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.client.*;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.util.UriComponentsBuilder;

@RestController
public class S1 {
    private final RestTemplate rest = new RestTemplate();
    private final RestOperations ops;
    private final RestClient rc;
    private final WebClient web = WebClient.create();
    private final HttpClient http = HttpClient.newHttpClient();
    private final OkHttpClient ok = new OkHttpClient();
    private static final Set<String> HOSTS = Set.of("a.example.com");
    private static final String BASE = "https://api.example.com";
    @Value("${upstream}") private String upstream;

    @GetMapping("/bad")
    public void bad(@RequestParam String url, @RequestParam String host, @RequestParam String id) throws Exception {
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject(url, String.class);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        ops.exchange(url, HttpMethod.GET, null, String.class);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        rc.get().uri(url).retrieve().body(String.class);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        web.get().uri(url).retrieve().bodyToMono(String.class).block();
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        web.method(HttpMethod.GET).uri(URI.create(url)).retrieve();
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        HttpRequest a = HttpRequest.newBuilder(URI.create(url)).GET().build();
        URI u = new URI(url);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        HttpRequest b = HttpRequest.newBuilder().uri(u).timeout(null).build();
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        Request c = new Request.Builder().url(url).build();
        Request.Builder rb = new Request.Builder();
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        rb.url(url);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        HttpGet d = new HttpGet(url);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        HttpDelete e = new HttpDelete("https://" + host + "/x");
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        URI.create(url).toURL().openStream();
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        ImageIO.read(new URL(url));
        URL img = new URL(url);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        ImageIO.read(img);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        Jsoup.connect(url).get();
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject(host + "/items/" + id, String.class);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject(String.format("%s/items", host), String.class);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject(String.format("https://%s/items/%s", host, id), String.class);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject("https://" + host + "/items/" + id, String.class);
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        ClientBuilder.newClient().target(url).request().get();
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        new UrlResource(url).getInputStream();
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        rest.exchange(RequestEntity.get(URI.create(url)).build(), String.class);
    }

    @GetMapping("/ok")
    public void okPrefix(@RequestParam String id, @RequestParam String q) throws Exception {
        // ok: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject(BASE + "/items/" + id, String.class);
        // ok: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject(upstream + "/items/" + id + "?q=" + q, String.class);
        // ok: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject(props.getBaseUrl() + "/items/" + id, String.class);
        // ok: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject(String.format("%s/items/%s", upstream, id), String.class);
        // ok: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject("https://api.example.com/items/{id}", String.class, id);
        // ok: oreva.java.ssrf.outgoing-request-taint
        web.get().uri("/items/{id}", id).retrieve();
        // ok: oreva.java.ssrf.outgoing-request-taint
        web.get().uri("/items/" + id).retrieve();
        // ok: oreva.java.ssrf.outgoing-request-taint
        web.get().uri(b -> b.path("/search").queryParam("q", q).build()).retrieve();
        URI u = UriComponentsBuilder.fromHttpUrl(BASE).path("/search").queryParam("q", q).build().toUri();
        // ok: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject(u, String.class);
        String url = UriComponentsBuilder.fromUriString("https://api.example.com/items/{id}").buildAndExpand(id).toUriString();
        // ok: oreva.java.ssrf.outgoing-request-taint
        rest.getForObject(url, String.class);
        // ok: oreva.java.ssrf.outgoing-request-taint
        rest.postForObject("https://api.example.com/x", id, String.class);
        // ok: oreva.java.ssrf.outgoing-request-taint
        HttpRequest.newBuilder(URI.create("https://api.example.com/q?x=" + URLEncoder.encode(q, UTF_8))).POST(HttpRequest.BodyPublishers.ofString(q)).build();
        // ok: oreva.java.ssrf.outgoing-request-taint
        HttpRequest.newBuilder(URI.create(BASE).resolve("/items/" + id));
    }

    @GetMapping("/ok1")
    public ResponseEntity<String> ok1(@RequestParam String url) {
        URI uri = URI.create(url);
        if (!"https".equals(uri.getScheme()) || !HOSTS.contains(uri.getHost())) {
            return ResponseEntity.badRequest().build();
        }
        // ok: oreva.java.ssrf.outgoing-request-taint
        return ResponseEntity.ok(rest.getForObject(url, String.class));
    }

    @GetMapping("/ok2")
    public String ok2(@RequestParam String url) throws Exception {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
        String host = uri.getHost();
        if (host == null || !host.endsWith(".example.com")) {
            throw new IllegalArgumentException("host");
        }
        // ok: oreva.java.ssrf.outgoing-request-taint
        return rest.getForObject(uri, String.class);
    }

    @GetMapping("/ok3")
    public InputStream ok3(@RequestParam String url) throws Exception {
        URL target = new URL(url);
        if (!"cdn.example.com".equalsIgnoreCase(target.getHost())) {
            throw new SecurityException();
        }
        // ok: oreva.java.ssrf.outgoing-request-taint
        return target.openStream();
    }

    @GetMapping("/ok4")
    public String ok4(@RequestParam String url) throws Exception {
        if (!url.startsWith("https://cdn.example.com/")) {
            throw new SecurityException();
        }
        // ok: oreva.java.ssrf.outgoing-request-taint
        return web.get().uri(url).retrieve().bodyToMono(String.class).block();
    }

    @GetMapping("/ok5")
    public String ok5(@RequestParam String url) throws Exception {
        URI uri = URI.create(url);
        InetAddress address = InetAddress.getByName(uri.getHost());
        if (address.isSiteLocalAddress() || address.isLoopbackAddress()) {
            throw new SecurityException();
        }
        // ok: oreva.java.ssrf.outgoing-request-taint
        return rest.getForObject(uri, String.class);
    }

    @GetMapping("/ok6")
    public String ok6(@RequestParam String url) throws Exception {
        URI uri = URI.create(url);
        switch (uri.getHost()) {
            case "a.example.com":
            case "b.example.com":
                // ok: oreva.java.ssrf.outgoing-request-taint
                return rest.getForObject(uri, String.class);
            default:
                throw new SecurityException();
        }
    }

    @GetMapping("/bad2")
    public String bad2(@RequestParam String url) throws Exception {
        URI uri = URI.create(url);
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new SecurityException();
        }
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        return rest.getForObject(uri, String.class);
    }

    @GetMapping("/bad3")
    public String bad3(@RequestParam String url) throws Exception {
        if (!url.startsWith("https://cdn.example.com")) {
            throw new SecurityException();
        }
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        return rest.getForObject(url, String.class);
    }

    @GetMapping("/bad4")
    public String bad4(@RequestParam String url) throws Exception {
        if (!url.startsWith("http")) {
            throw new SecurityException();
        }
        // ruleid: oreva.java.ssrf.outgoing-request-taint
        try (var in = new URL(url).openStream()) {
            return new String(in.readAllBytes());
        }
    }
}
