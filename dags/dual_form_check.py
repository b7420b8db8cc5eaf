from dualform_airflow.dags import dual_form_check

dual_form_check()
