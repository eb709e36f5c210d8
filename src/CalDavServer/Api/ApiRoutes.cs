using Microsoft.AspNetCore.Mvc;

namespace CalDavServer.Api;

/// <summary>The JSON API under <c>/api/</c>, and its OpenAPI document.</summary>
internal static class ApiRoutes
{
    private const int MaxBody = 256 * 1024;

    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<ApiRoom>();
        services.ConfigureHttpJsonOptions(static json => ApiJson.Default.Describe(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(static handlers => handlers.ThrowOnBadRequest = true);
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
        var api = routes.MapGroup("/api").WithMetadata(new RequestSizeLimitAttribute(MaxBody));
        ((IEndpointConventionBuilder)api).Add(static endpoint => endpoint.RequestDelegate = ApiFaults.Around(endpoint.RequestDelegate!));
        PractitionerEndpoints.Map(api);
        AppointmentEndpoints.Map(api.MapGroup("/appointments").WithTags("Own diary"));
        AppointmentEndpoints.Map(
            api.MapGroup("/practitioners/{practitioner}/appointments").WithTags("Diary of a practitioner of the practice group"));
    }
}
