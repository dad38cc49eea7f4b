{{/* Host names of the routes as JSON: what was given, else that of publicUrl. (list $ given). */}}
{{- define "conclave.hosts" -}}
{{- $given := index . 1 -}}
{{- $own := list (urlParse ((index . 0).Values.publicUrl | default "https://unset.invalid")).hostname -}}
{{- ternary $own $given (eq (len $given) 0) | toJson -}}
{{- end -}}
