{{/*
Parts of pods that all of them share: nobody is root, nothing can be written but what is mounted, no capability, no
token of the API server, and no variables about other Services (LiveKit would take LIVEKIT_PORT for its own).
*/}}

{{- define "conclave.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user | default 10001 }}
  runAsGroup: {{ .user | default 10001 }}
  fsGroup: {{ .user | default 10001 }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "conclave.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* Where a pod may run: (list $ $values), with nothing where nothing is said. */}}
{{- define "conclave.placement" -}}
{{- $own := index . 1 -}}
{{- with $own.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* Pods of a component spread over nodes and zones where that is possible: (list $ "rooms" constraints). */}}
{{- define "conclave.spread" -}}
{{- $selector := include "conclave.selectorLabels" (list (index . 0) (index . 1)) -}}
topologySpreadConstraints:
{{- with index . 2 }}
  {{- toYaml . | nindent 2 }}
{{- else }}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels:
        {{- $selector | nindent 8 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Volumes of our own programs: a small /tmp, the operator's certificates, credentials, KEKs or a certificate: (list $ credentials-json extra-files). */}}
{{- define "conclave.programVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- with (index . 0).Values.trust.existingConfigMap }}
- name: trust
  configMap:
    name: {{ . | quote }}
    items:
      - { key: {{ (index $ 0).Values.trust.key | quote }}, path: ca.crt }
{{- end }}
{{- if ne (index . 1) "[]" }}
{{ include "conclave.credentialVolume" . }}
{{- end }}
{{- if eq (index . 2) "tls" }}
- name: tls
  secret:
    secretName: {{ (index . 0).Values.gateway.tls.existingSecret | quote }}
    defaultMode: 0440
{{- else if index . 2 }}
{{ include "conclave.kekVolume" (list (index . 0) (index . 2)) }}
{{- end }}
{{- end -}}

{{- define "conclave.programMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if (index . 0).Values.trust.existingConfigMap }}
- name: trust
  mountPath: /etc/conclave/trust
  readOnly: true
{{- end }}
{{- if ne (index . 1) "[]" }}
- name: secrets
  mountPath: /etc/conclave/secrets
  readOnly: true
{{- end }}
{{- if eq (index . 2) "tls" }}
- name: tls
  mountPath: /etc/conclave/tls
  readOnly: true
{{- else if index . 2 }}
- name: kek
  mountPath: /etc/conclave/kek
  readOnly: true
{{- end }}
{{- end -}}

{{/* Files of a service beside its credentials: "rooms" or "files" for their KEKs, "tls" for the gateway's certificate, else nothing. */}}
{{- define "conclave.extraFiles" -}}
{{- $service := index . 1 -}}
{{- if has $service (list "rooms" "files") -}}{{ $service }}
{{- else if and (eq $service "gateway") (index . 0).Values.gateway.tls.existingSecret -}}tls
{{- end -}}
{{- end -}}

{{/*
A container that runs a program of an image of ours:
(dict "root" $ "name" "migrate" "image" "rooms" "args" (list "dist/migrate.js") "env" yaml "credentials" json "kek" "" "resources" {}).
*/}}
{{- define "conclave.programContainer" -}}
- name: {{ .name }}
  image: {{ include "conclave.image" (list .root .image) | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  args: {{ .args | toJson }}
  {{- include "conclave.containerSecurity" . | nindent 2 }}
  env:
    {{- .env | trim | nindent 4 }}
  {{- with .resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  volumeMounts:
    {{- include "conclave.programMounts" (list .root .credentials .kek) | nindent 4 }}
    {{- with .mounts }}
    {{- . | trim | nindent 4 }}
    {{- end }}
{{- end -}}
