{{/* "true" where objects of an API may be rendered: (list $ "monitoring.coreos.com/v1" mode "metrics.rules"). */}}
{{- define "conclave.knows" -}}
{{- $there := (index . 0).Capabilities.APIVersions.Has (index . 1) -}}
{{- if or $there (eq (index . 2) "always") -}}
true
{{- else if eq (index . 2) "fail" -}}
{{- fail (printf "\n\n%s is enabled, but the cluster does not know %s: install its operator first, or set %s.renderMode to skip (or to always, where this is rendered without a cluster).\n" (index . 3) (index . 1) (index . 3)) -}}
{{- end -}}
{{- end -}}
