resource "aws_lb_listener" "plain" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  # ruleid: oreva.terraform.tls.plain-http-listener
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_listener" "fixed" {
  # ruleid: oreva.terraform.tls.plain-http-listener
  protocol = "HTTP"
  default_action {
    type = "fixed-response"
  }
}

resource "aws_lb_listener" "redirect" {
  # ok: oreva.terraform.tls.plain-http-listener
  protocol = "HTTP"
  default_action {
    type = "redirect"
  }
}

resource "aws_lb_listener" "tls" {
  # ok: oreva.terraform.tls.plain-http-listener
  protocol = "HTTPS"
}
