action {
  type             = "forward"
  target_group_arn = aws_lb_target_group.{{ route.target }}.arn
}
{% if route.path %}
condition {
  path_pattern {
    values = [{{ route.path | hcl }}]
  }
}
{% endif %}
{% if route.host %}
condition {
  host_header {
    values = [{{ route.host | hcl }}]
  }
}
{% endif %}
{% if route.rollout %}
# {{ say.rollout_moves }}
lifecycle {
  ignore_changes = [action]
}

# {{ say.rollout_either }}
depends_on = [aws_lb_target_group.{{ route.target }}_green]
{% endif %}
