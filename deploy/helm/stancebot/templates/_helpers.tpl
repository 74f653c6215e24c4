{{- define "stancebot.name" -}}
{{- $name := .Chart.Name -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What tells the pods that serve from others; it never changes. */}}
{{- define "stancebot.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: serve
{{- end -}}

{{- define "stancebot.labels" -}}
{{ include "stancebot.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "stancebot.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* "true" where an SQLite file in a volume is the database. */}}
{{- define "stancebot.kept" -}}
{{- if and .Values.persistence.enabled (not (hasKey .Values.secrets "DATABASE_URL")) }}true{{ end -}}
{{- end -}}

{{/* What cannot be meant. */}}
{{- define "stancebot.check" -}}
{{- if and (gt (int .Values.replicas) 1) (not (hasKey .Values.secrets "DATABASE_URL")) -}}
{{- fail "replicas: more than one needs PostgreSQL: set secrets.DATABASE_URL" -}}
{{- end -}}
{{- if ge (add (int .Values.stop.pause) 20) (int .Values.stop.limit) -}}
{{- fail "stop.limit: leave the program the 20 seconds that it may take after stop.pause" -}}
{{- end -}}
{{- range $name, $_ := .Values.settings -}}
{{- if hasKey $.Values.secrets $name -}}
{{- fail (printf "%s is both among settings and secrets" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "stancebot.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "stancebot.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
