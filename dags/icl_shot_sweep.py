from dualform_airflow.dags import icl_shot_sweep

icl_shot_sweep()
