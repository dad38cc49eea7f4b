{{/*
Names. Everything is scoped to the release, so that several live beside each other in one namespace.
*/}}

{{/* Start of every name: at most 32 characters, since names of Jobs add what they do, a revision and a hash. Services must begin with a letter, releases need not. */}}
{{- define "conclave.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $full := .Values.fullnameOverride -}}
{{- if not $full -}}
{{- $full = ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- end -}}
{{- if not (regexMatch "^[a-z]" $full) -}}{{- $full = printf "c-%s" $full -}}{{- end -}}
{{- $full = $full | replace "." "-" -}}
{{- if gt (len $full) 32 -}}
{{- $full = printf "%s-%s" ($full | trunc 25 | trimSuffix "-") ($full | sha256sum | trunc 6) -}}
{{- end -}}
{{- $full -}}
{{- end -}}

{{/* Name of one part: (list $ "rooms"). */}}
{{- define "conclave.name" -}}
{{- printf "%s-%s" (include "conclave.fullname" (index . 0)) (index . 1) -}}
{{- end -}}

{{/* Where a component lives: LiveKit may have a namespace of its own, since some of its modes are forbidden where Pod Security is restricted. */}}
{{- define "conclave.namespace" -}}
{{- $root := index . 0 -}}
{{- if and (eq (index . 1) "livekit") $root.Values.livekit.namespaceOverride -}}
{{- $root.Values.livekit.namespaceOverride -}}
{{- else -}}
{{- $root.Release.Namespace -}}
{{- end -}}
{{- end -}}

{{/* What selects the pods of a component. Never changes, or upgrades would fail. */}}
{{- define "conclave.selectorLabels" -}}
app.kubernetes.io/name: {{ (index . 0).Values.nameOverride | default (index . 0).Chart.Name | quote }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 | quote }}
{{- end -}}

{{/* Labels of a pod. The chart's own version is not among them: it would restart media servers and databases for nothing. */}}
{{- define "conclave.podLabels" -}}
{{ include "conclave.selectorLabels" . }}
app.kubernetes.io/version: {{ include "conclave.version" . | quote }}
app.kubernetes.io/part-of: "conclave"
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service | quote }}
{{- with (index . 0).Values.global.labels }}
{{ range $key, $value := . }}{{ $key }}: {{ $value | quote }}
{{ end }}
{{- end }}
{{- end -}}

{{/* Labels of an object: the six recommended ones and the chart. */}}
{{- define "conclave.labels" -}}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
{{ include "conclave.podLabels" . | trim }}
{{- end -}}

{{/* The version that a component runs, as a label may hold it. */}}
{{- define "conclave.version" -}}
{{- $root := index . 0 -}}
{{- $image := include "conclave.imageOf" . | fromJson -}}
{{- $image.tag | default $root.Chart.AppVersion | toString | regexFind "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?" -}}
{{- end -}}

{{/* Head of an object: (list $ "component" "suffix-of-the-name" (dict "annotation" "value")). */}}
{{- define "conclave.metadata" -}}
name: {{ include "conclave.name" (list (index . 0) (index . 2)) }}
namespace: {{ include "conclave.namespace" (list (index . 0) (index . 1)) }}
labels:
  {{- include "conclave.labels" (list (index . 0) (index . 1)) | nindent 2 }}
{{- if gt (len .) 3 }}
{{- with index . 3 }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}
