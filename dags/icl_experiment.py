from dualform_airflow.dags import icl_experiment

icl_experiment()
