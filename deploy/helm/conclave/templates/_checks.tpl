{{- define "conclave.check" -}}
{{- end -}}
