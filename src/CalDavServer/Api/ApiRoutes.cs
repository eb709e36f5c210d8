namespace CalDavServer.Api;

/// <summary>The JSON API under <c>/api/</c>, and its OpenAPI document.</summary>
internal static class ApiRoutes
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<ApiRoom>();
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        services.AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "CalendarSync diary";
            document.Info.Version = "1";
            document.Info.Description = "The diary of a practitioner. Sign in with an app password of the privacy level 'full name' (HTTP Basic).";
            return Task.CompletedTask;
        }));
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/api/openapi.json");
        var api = routes.MapGroup("/api");
        ((IEndpointConventionBuilder)api).Add(static endpoint => endpoint.RequestDelegate = ApiFaults.Around(endpoint.RequestDelegate!));
        PractitionerEndpoints.Map(api);
        AppointmentEndpoints.Map(api.MapGroup("/appointments").WithTags("Own diary"));
        AppointmentEndpoints.Map(
            api.MapGroup("/practitioners/{practitioner}/appointments").WithTags("Diary of a practitioner of the practice group"));
    }
}
