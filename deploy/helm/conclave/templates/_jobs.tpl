{{/*
Jobs. As hooks they run before install and upgrade, in an order: what they need (-11), secrets (-10), preflight (-5),
migrations (0). Their names stay, and the last run's log stays for a day. Beside the release a job carries the revision
and a hash of itself in its name, since a job cannot be changed: a new revision is a new job.
*/}}

{{- define "conclave.hookAnnotations" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ .weight | quote }}
helm.sh/hook-delete-policy: {{ .policy | default "before-hook-creation" }}
{{- end -}}

{{/*
(dict "root" $ "name" "migrate-rooms" "component" "migrate" "mode" "hook" "weight" 0 "deadline" 60 "containers" yaml
"volumes" yaml "user" 10001 "token" false "account" "name").
*/}}
{{- define "conclave.job" -}}
{{- $root := .root -}}
{{- $hook := eq .mode "hook" -}}
{{- $pod := include "conclave.jobPod" . -}}
{{- $suffix := .name -}}
{{- if not $hook -}}
{{- $suffix = printf "%s-r%d-%s" .name (int $root.Release.Revision) ($pod | sha256sum | trunc 5) -}}
{{- end -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "conclave.name" (list $root $suffix) }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "conclave.labels" (list $root .component) | nindent 4 }}
  {{- if $hook }}
  annotations:
    {{- include "conclave.hookAnnotations" (dict "weight" .weight) | nindent 4 }}
  {{- end }}
spec:
  # Beside the release the servers may still be on their way; before it they are there, and waiting helps nobody.
  backoffLimit: {{ ternary 1 10 $hook }}
  activeDeadlineSeconds: {{ .deadline }}
  {{- if $hook }}
  ttlSecondsAfterFinished: 86400
  {{- end }}
  template:
    {{- $pod | nindent 4 }}
{{- end -}}

{{- define "conclave.jobPod" -}}
{{- $root := .root -}}
metadata:
  labels:
    {{- include "conclave.podLabels" (list $root .component) | trim | nindent 4 }}
  {{- with $root.Values.tasks.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  restartPolicy: {{ .restartPolicy | default (ternary "Never" "OnFailure" (eq (.mode | default "job") "hook")) }}
  {{- with .account }}
  serviceAccountName: {{ . | quote }}
  {{- end }}
  {{- $security := include "conclave.podSecurity" (dict "user" .user) }}
  {{- if .token }}
  # The one pod of ours that speaks with the API server.
  {{- $security = $security | replace "automountServiceAccountToken: false" "automountServiceAccountToken: true" }}
  {{- end }}
  {{- $security | nindent 2 }}
  {{- with include "conclave.pullSecrets" $root }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with include "conclave.placement" (list $root $root.Values.tasks) | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with .initContainers }}
  initContainers:
    {{- . | trim | nindent 4 }}
  {{- end }}
  containers:
    {{- .containers | trim | nindent 4 }}
  volumes:
    {{- .volumes | trim | nindent 4 }}
{{- end -}}

{{/* Whether a service's preflight runs before the release ("hook"), beside it ("job") or not at all ("none"): (list $ "rooms"). */}}
{{- define "conclave.preflightMode" -}}
{{- $v := (index . 0).Values -}}
{{- $service := index . 1 -}}
{{- if ne $v.preflight.mode "auto" -}}
{{- $v.preflight.mode -}}
{{- else -}}
{{- $inside := or $v.externalSecrets.enabled $v.nats.bundled.enabled -}}
{{- if ne $service "gateway" }}{{ $inside = or $inside $v.database.bundled.enabled }}{{ end -}}
{{- if eq $service "files" }}{{ $inside = or $inside $v.objectStorage.bundled.enabled }}{{ end -}}
{{- if has $service (list "rooms" "gateway") }}{{ $inside = or $inside (ne $v.livekit.mode "external") }}{{ end -}}
{{- if eq $service "gateway" }}{{ $inside = true }}{{ end -}}
{{- ternary "job" "hook" $inside -}}
{{- end -}}
{{- end -}}

{{/* Whether anything runs as a hook, and so needs what hooks need. */}}
{{- define "conclave.anyHook" -}}
{{- $hooks := or .Values.secretsInit.enabled (eq .Values.migrations.mode "hook") -}}
{{- $root := . -}}
{{- range list "auth" "rooms" "files" "gateway" -}}
{{- $hooks = or $hooks (and (index $root.Values .).enabled (eq (include "conclave.preflightMode" (list $root .)) "hook")) -}}
{{- end -}}
{{- ternary "true" "" $hooks -}}
{{- end -}}
