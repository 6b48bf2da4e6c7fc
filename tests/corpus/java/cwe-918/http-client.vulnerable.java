package com.acme.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

public class A16HttpClient extends HttpServlet {
    private final HttpClient client = HttpClient.newHttpClient();

    @Override
    protected void doPost(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String host = req.getHeader("X-Callback-Host");
        HttpRequest call = HttpRequest.newBuilder().uri(URI.create("https://" + host + "/done")).GET().build();
        try {
            resp.setStatus(client.send(call, HttpResponse.BodyHandlers.discarding()).statusCode());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
