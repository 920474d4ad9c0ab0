variable "environment" { default = "staging" }

locals {
  services = { for n in range(14) : format("service-%02d", n) => 8000 + n }
}

resource "terraform_data" "service" {
  for_each = local.services
  input = {
    name        = each.key
    port        = each.value
    environment = var.environment
    replicas    = each.key == "service-09" ? 0 : 3
    image       = "registry.example.org/shop/${each.key}:1.${each.value - 8000}.0"
  }
  triggers_replace = [each.value]
}

output "ports" { value = values(local.services) }
