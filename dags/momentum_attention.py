from dualform_airflow.dags import momentum_attention

momentum_attention()
