{{/* {scope, name, port}: the headless Service of a bundled store. */}}
{{- define "aegis.bundledService" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels: {{- include "aegis.labels" .scope | nindent 4 }}
spec:
  selector: {{- include "aegis.selectorLabels" .scope | nindent 4 }}
  clusterIP: None
  ports:
    - { name: {{ .scope.component }}, port: {{ .port }} }
{{- end -}}

{{- define "aegis.bundledVolume" -}}
{{- if not .storage }}
- { name: data, emptyDir: {} }
{{- end }}
{{- end -}}

{{- define "aegis.bundledClaim" -}}
{{- with .storage }}
# Gone with the release: nobody should find old data under a new password.
persistentVolumeClaimRetentionPolicy: { whenDeleted: Delete, whenScaled: Retain }
volumeClaimTemplates:
  - metadata: { name: data }
    spec:
      accessModes: [ReadWriteOnce]
      resources: { requests: { storage: {{ . }} } }
{{- end }}
{{- end -}}
