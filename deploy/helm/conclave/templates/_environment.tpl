{{/*
Environment of the services: the same keys as anywhere else Conclave runs. Secrets come as files.
*/}}

{{/* Host and port of Postgres as {host, port}; the release's own or the operator's. */}}
{{- define "conclave.database" -}}
{{- if .Values.database.bundled.enabled -}}
host: {{ include "conclave.name" (list . "postgres") }}
port: {{ include "conclave.port" (list . "postgres" "postgres") }}
{{- else -}}
host: {{ .Values.database.host }}
port: {{ .Values.database.port | int }}
{{- end -}}
{{- end -}}

{{- define "conclave.natsUrl" -}}
{{- if .Values.nats.bundled.enabled -}}
nats://{{ include "conclave.name" (list . "nats") }}:{{ include "conclave.port" (list . "nats" "client") }}
{{- else -}}
{{ .Values.nats.url }}
{{- end -}}
{{- end -}}

{{- define "conclave.s3Endpoint" -}}
{{- if .Values.objectStorage.bundled.enabled -}}
http://{{ include "conclave.name" (list . "minio") }}:{{ include "conclave.port" (list . "minio" "s3") }}
{{- else -}}
{{ .Values.objectStorage.endpoint }}
{{- end -}}
{{- end -}}

{{/* Where rooms and the gateway reach the media server. */}}
{{- define "conclave.livekitUrl" -}}
{{- if eq .Values.livekit.mode "external" -}}
{{ .Values.livekit.url }}
{{- else -}}
http://{{ include "conclave.serviceHost" (list . "livekit") }}:{{ include "conclave.port" (list . "livekit" "http") }}
{{- end -}}
{{- end -}}

{{/* Name under which a Service is reached from another namespace too. */}}
{{- define "conclave.serviceHost" -}}
{{- $root := index . 0 -}}
{{- if $root.Values.livekit.namespaceOverride -}}
{{ include "conclave.name" . }}.{{ include "conclave.namespace" . }}.svc.{{ $root.Values.global.clusterDomain }}
{{- else -}}
{{ include "conclave.name" . }}
{{- end -}}
{{- end -}}

{{/* What every process of ours is told: (list $ "service"). */}}
{{- define "conclave.commonEnv" -}}
{{- $root := index . 0 -}}
- name: NODE_ENV
  value: production
{{- if $root.Values.trust.existingConfigMap }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/conclave/trust/ca.crt
{{- end }}
{{- end -}}

{{/* How a service speaks to its database. */}}
{{- define "conclave.databaseEnv" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $database := include "conclave.database" $root | fromYaml -}}
{{- $name := index $root.Values.database.names $service -}}
- name: DATABASE_URL
  value: {{ printf "postgres://%s@%s:%d/%s" (index $root.Values.database.users $service) $database.host (int $database.port) $name | quote }}
{{- if has $service (list "rooms" "files") }}
- name: KEYS_DATABASE_URL
  value: {{ printf "postgres://%s@%s:%d/%s" (index $root.Values.database.users (printf "%sKeys" $service)) $database.host (int $database.port) $name | quote }}
{{- end }}
{{- include "conclave.databaseTls" $root }}
{{- end -}}

{{/* The driver reads PGSSLMODE; in the URL it would be ignored, and the connection would be in the clear. */}}
{{- define "conclave.databaseTls" -}}
{{- if and (not .Values.database.bundled.enabled) (ne .Values.database.sslMode "disable") }}
- name: PGSSLMODE
  value: {{ .Values.database.sslMode | quote }}
{{- end }}
{{- end -}}

{{/* Everything that a service reads: (list $ "rooms"). Also what its preflight reads. */}}
{{- define "conclave.serviceEnv" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $own := index $root.Values $service -}}
{{ include "conclave.commonEnv" (list $root) }}
- name: NATS_URL
  value: {{ include "conclave.natsUrl" $root | quote }}
- name: INTERNAL_HOST
  value: {{ $root.Values.listenAddress | quote }}
- name: INTERNAL_PORT
  value: {{ include "conclave.port" (list $root $service "internal") | quote }}
- name: LOG_LEVEL
  value: {{ $own.logLevel | default $root.Values.logging.level | quote }}
- name: PUBLIC_URL
  value: {{ $root.Values.publicUrl | quote }}
{{- if $root.Values.tracing.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ $root.Values.tracing.otlpEndpoint | quote }}
- name: OTEL_TRACES_SAMPLER_ARG
  value: {{ $root.Values.tracing.samplerRatio | toString | quote }}
{{- end }}
{{- if ne $service "gateway" }}
{{ include "conclave.databaseEnv" . }}
- name: MIGRATIONS
  value: wait
{{- end }}
{{- if has $service (list "rooms" "files") }}
- name: KEK_DIR
  value: /etc/conclave/kek
- name: KEK_ACTIVE
  value: {{ (index $root.Values.encryption $service).active | quote }}
{{- end }}
{{- if eq $service "auth" }}
- name: SESSION_IDLE_SECONDS
  value: {{ $own.sessionIdleSeconds | int64 | quote }}
- name: SESSION_ABSOLUTE_SECONDS
  value: {{ $own.sessionAbsoluteSeconds | int64 | quote }}
- name: RECOVERY_ASKS_PROOF
  value: {{ $own.recoveryAsksPersonalToken | quote }}
{{- with $root.Values.mail }}
{{- if .smtpUrl }}
- name: SMTP_URL
  value: {{ .smtpUrl | quote }}
- name: SMTP_TLS
  value: {{ .tls | quote }}
{{- if .user }}
- name: SMTP_USER
  value: {{ .user | quote }}
{{- end }}
{{- if .from }}
- name: MAIL_FROM
  value: {{ .from | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- else if eq $service "rooms" }}
- name: LIVEKIT_URL
  value: {{ include "conclave.livekitUrl" $root | quote }}
- name: WEBHOOK_HOST
  value: {{ $root.Values.listenAddress | quote }}
- name: WEBHOOK_PORT
  value: {{ include "conclave.port" (list $root "rooms" "webhook") | quote }}
{{- else if eq $service "files" }}
- name: S3_ENDPOINT
  value: {{ include "conclave.s3Endpoint" $root | quote }}
- name: S3_REGION
  value: {{ $root.Values.objectStorage.region | quote }}
- name: S3_BUCKET
  value: {{ $root.Values.objectStorage.bucket | quote }}
- name: S3_ADDRESSING
  value: {{ $root.Values.objectStorage.addressing | quote }}
- name: DATA_HOST
  value: {{ $root.Values.listenAddress | quote }}
- name: DATA_PORT
  value: {{ include "conclave.port" (list $root "files" "data") | quote }}
- name: SEALING_SUITE
  value: {{ $own.sealingSuite | quote }}
- name: SEALED_MANIFEST
  value: {{ $own.sealedManifest | quote }}
- name: SEALING_WORKERS
  value: {{ $own.sealingWorkers | int64 | quote }}
- name: SEALING_ENGINE
  value: {{ $own.sealingEngine | quote }}
- name: SEALING_MODULE
  value: /app/native/sealing.node
- name: MAX_FILE_BYTES
  value: {{ $own.maxFileBytes | int64 | quote }}
- name: ROOM_QUOTA_BYTES
  value: {{ $own.roomQuotaBytes | int64 | quote }}
- name: PERSON_QUOTA_BYTES
  value: {{ $own.personQuotaBytes | int64 | quote }}
{{- else if eq $service "gateway" }}
- name: HOST
  value: {{ $root.Values.listenAddress | quote }}
- name: PORT
  value: {{ include "conclave.port" (list $root "gateway" "http") | quote }}
- name: FILES_URL
  value: {{ printf "http://%s:%s" (include "conclave.name" (list $root "files")) (include "conclave.port" (list $root "files" "data")) | quote }}
- name: LIVEKIT_URL
  value: {{ include "conclave.livekitUrl" $root | quote }}
- name: WEB_ROOT
  value: /app/web
{{- if $own.tls.existingSecret }}
- name: TLS_CERT_FILE
  value: /etc/conclave/tls/tls.crt
- name: TLS_KEY_FILE
  value: /etc/conclave/tls/tls.key
{{- end }}
- name: TRUSTED_PROXIES
  value: {{ join "," $own.trustedProxies | quote }}
- name: RATE_LIMIT_SCALE
  value: {{ $own.rateLimitScale | toString | quote }}
{{- end }}
{{ include "conclave.credentialEnv" (list $root (include "conclave.serviceCredentials" (list $root $service "all"))) | trim }}
{{- end -}}
