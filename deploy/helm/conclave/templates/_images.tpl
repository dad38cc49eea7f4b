{{/*
Images. One place makes a reference, so that a registry of one's own and digests hold everywhere: hooks, init containers
and tests too.
*/}}

{{/* The image values of a component; parts that run our own programs use the image of their service or that of the tasks. */}}
{{- define "conclave.imageOf" -}}
{{- $values := (index . 0).Values -}}
{{- $component := index . 1 -}}
{{- $images := dict
      "auth" $values.auth.image "rooms" $values.rooms.image "files" $values.files.image "gateway" $values.gateway.image
      "livekit" $values.livekit.image "postgres" $values.database.bundled.image "nats" $values.nats.bundled.image
      "minio" $values.objectStorage.bundled.image "redis" $values.redis.bundled.image -}}
{{- index $images (regexReplaceAll "-?(migrate|preflight)-?" $component "") | default $values.tasks.image | toJson -}}
{{- end -}}

{{/* registry/repository:tag, or registry/repository@digest where a digest is given: (list $ "rooms"). */}}
{{- define "conclave.image" -}}
{{- $root := index . 0 -}}
{{- $image := include "conclave.imageOf" . | fromJson -}}
{{- $registry := $root.Values.global.imageRegistry | default $image.registry | default $root.Values.image.registry -}}
{{- $repository := ternary (printf "%s/%s" ($registry | trimSuffix "/") $image.repository) $image.repository (ne ($registry | default "") "") -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository ($image.tag | default $root.Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- define "conclave.pullSecrets" -}}
{{- with concat (.Values.global.imagePullSecrets | default list) (.Values.image.pullSecrets | default list) | uniq -}}
imagePullSecrets:
{{- range . }}
  - name: {{ if kindIs "map" . }}{{ .name | quote }}{{ else }}{{ . | quote }}{{ end }}
{{- end }}
{{- end -}}
{{- end -}}
