function send(token, frame, height) {
  // ruleid: oreva.javascript.post-message.any-target-origin
  parent.postMessage({ token }, "*");
  // ruleid: oreva.javascript.post-message.any-target-origin
  frame.contentWindow.postMessage({ kind: "auth", session: token }, { targetOrigin: "*" });
  // ok: oreva.javascript.post-message.any-target-origin
  parent.postMessage({ token }, "https://shop.example.com");
  // ok: oreva.javascript.post-message.any-target-origin
  parent.postMessage({ height }, "*");
}
