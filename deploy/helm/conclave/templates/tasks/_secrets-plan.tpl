{{/*
What secretsInit makes sure of, as JSON: the Secrets of the release, never those of the operator. Kinds that follow from
others (NATS's authorization, LiveKit's key file) name the places they are made from, wherever those are.
*/}}
{{- define "conclave.secretsPlan" -}}
{{- $root := . -}}
{{- $sections := include "conclave.sections" . | fromJson -}}
{{- $place := dict -}}
{{- range $name, $section := $sections -}}
{{- range $id, $kind := $section.kinds -}}
{{- $_ := set $place (printf "%s/%s" $name $id) (dict "secret" $section.name "key" (index $section.keyNames $id)) -}}
{{- end -}}
{{- end -}}
{{- $secrets := list -}}
{{- range $name, $section := $sections -}}
{{- if and $section.needed $section.generated (not $section.own) -}}
{{- $keys := list -}}
{{- range $id, $kind := $section.kinds -}}
{{- $key := dict "name" (index $section.keyNames $id) "kind" $kind -}}
{{- if eq $kind "access-key" -}}
{{- $prefixes := dict "livekit/apiKey" "rooms" "livekit/webhookKey" "webhook" "object-storage/accessKey" "files" "minio/rootUser" "root" -}}
{{- $_ := set $key "prefix" (index $prefixes (printf "%s/%s" $name $id)) -}}
{{- else if eq $kind "nats-authorization" -}}
{{- $seeds := dict -}}
{{- range list "auth" "rooms" "files" "gateway" }}{{ $_ := set $seeds . (index $place (printf "nats/%s" .)) }}{{ end -}}
{{- $_ := set $key "seeds" $seeds -}}
{{- else if eq $kind "livekit-keys" -}}
{{- $_ := set $key "pairs" (list
      (dict "key" (index $place "livekit/apiKey") "secret" (index $place "livekit/apiSecret"))
      (dict "key" (index $place "livekit/webhookKey") "secret" (index $place "livekit/webhookSecret"))) -}}
{{- end -}}
{{- $keys = append $keys $key -}}
{{- end -}}
{{- $secrets = append $secrets (dict "name" $section.name "keys" $keys) -}}
{{- end -}}
{{- end -}}
{{- $labels := include "conclave.selectorLabels" (list . "secrets") | fromYaml -}}
{{- dict "labels" (merge $labels (dict "app.kubernetes.io/part-of" "conclave" "app.kubernetes.io/managed-by" "secrets-init"))
      "annotations" (dict "helm.sh/resource-policy" "keep") "secrets" $secrets | toJson -}}
{{- end -}}
